// stub
export const onMap = () => false;
export const mapView = () => null;
